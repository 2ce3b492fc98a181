using System.Text.Json.Nodes;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>The sections of format 2 mutated, with every checksum made right again, and the index of them.</summary>
public sealed class FuzzSectionTests
{
    private const int Mutants = 3_000;

    private static readonly string[] Sections = [SectionedRing.Metadata, SectionedRing.Devices, SectionedRing.Assignments];

    public static TheoryData<string> Names() => [.. Sections];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_ring_with_a_mutated_section_is_usable_or_refused(string section)
    {
        FuzzRun.Of(section, Mutants, random => Any(random).WithEdit(section, data => Mutate(section, data, random)).ToFile()).AssertBoth();
    }

    /// <summary>A value of an entry, an entry that is another's, or one more.</summary>
    [Fact]
    public void A_ring_with_a_mutated_index_is_usable_or_refused()
    {
        FuzzRun.Of("index", Mutants, random =>
        {
            var ring = Corpus.Any(Corpus.Format2, random).Inflated;
            return new SectionedRing(ring) { EditIndex = index => Edit(index, random) }.ToFile();
        }).AssertBoth();
    }

    /// <summary>The index as text: keys twice, broken JSON, anything.</summary>
    [Fact]
    public void A_ring_with_a_mutated_text_as_index_is_usable_or_refused()
    {
        FuzzRun.Of("index text", Mutants, random =>
        {
            var ring = Corpus.Any(Corpus.Format2, random).Inflated;
            return new SectionedRing(ring) { EditIndexText = json => JsonMutation.Any(json, random) }.ToFile();
        }).AssertBoth();
    }

    private static SectionedRing Any(Random random) => new(Corpus.Any(Corpus.Format2, random).Inflated);

    private static byte[] Mutate(string section, byte[] data, Random random) =>
        section == SectionedRing.Assignments ? Table(data, random) : JsonMutation.Any(data, random);

    private static byte[] Table(byte[] table, Random random) =>
        random.Next(3) == 0 ? ByteMutation.Splice(table, Corpus.Any(Corpus.All, random).Inflated, random) : ByteMutation.Any(table, random);

    private static void Edit(JsonObject index, Random random)
    {
        var name = Sections[random.Next(Sections.Length)];
        var other = Sections[random.Next(Sections.Length)];
        switch (random.Next(5))
        {
            case 0:
                index[name] = index[other]!.DeepClone();
                break;
            case 1:
                index[$"{name}{random.Next(3)}"] = index[other]!.DeepClone();
                break;
            case 2:
                index.Remove(name);
                break;
            case 3:
                index["more"] = new JsonArray(0, random.Next(4000), 0, random.Next(4000), random.Next(2) == 0 ? "md5" : "none", "");
                break;
            default:
                index[name]![random.Next(6)] = JsonNode.Parse(JsonMutation.AnyNumber(random));
                break;
        }
    }
}

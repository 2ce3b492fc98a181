using System.Text;
using Consometer.Delivery.Formats;

namespace Consometer.Tests.Delivery.Formats;

/// <summary>Signatures that Ceilometer's own <c>compute_signature</c> made (<c>ceilometer/publisher/utils.py</c>).</summary>
public sealed class SampleSignerTests
{
    private const string Signed =
        "counter_namestorage.objects.sizecounter_typegaugecounter_unitBcounter_volume1234message_idbcdbd2b6-e5f0-11f1-9807-02fc00000001monotonic_timeNone" +
        "project_id0123456789abcdef0123456789abcdefresource_id0123456789abcdef0123456789abcdefsourceopenstacktimestamp2026-11-21T21:15:54.863111user_idNone";

    /// <param name="more">Further fields as <c>name=value</c>: a nested one has a colon in its name, and <c>True</c> and <c>None</c> are Python's.</param>
    [Theory]
    [InlineData("f3257e80c709f91b1b7ff05109ee4e67014e57a0cb83b9a46a62785d6194306e")]
    [InlineData("7ebb8e4269da998bc36ccb50500e90a449a7135d5f56f20dc1aa1a205c5353e8", "project_name", "user_name")]
    [InlineData("d954926d9b85a310ce8db5f4db4a859b49f0544043322b96bcf49e614e481aac", "resource_id=p/contáiner-✓")]
    [InlineData(
        "0c743c18edafa12016208caae206375f5580ba4dfd26db4238448b72883174c3",
        "resource_metadata:storage_policy=gold", "resource_metadata:a:z=1", "resource_metadata:a:b=True", "resource_metadata:a:c")]
    [InlineData(
        "ac3d2c70660f82164d9395a877afdbd6f246625c7b489a5b43822914bb06ecf8",
        "counter_volume=107374182400", "message_id=6f1c2d2e-5b1e-4b8e-9a51-0a6d1f7f2c11", "timestamp=2026-11-21T21:30:00.000000")]
    public void The_signature_is_Ceilometer_s(string signature, params string[] more) => Assert.Equal(signature, Sign(FormatSamples.Secret, Text(more)));

    [Fact]
    public void Another_secret_makes_another_signature() =>
        Assert.Equal("6faaeacf70b5a0bf4789c1e79045ccf180953a209c313dad8491765bd9878ade", Sign("s3cret", Text()));

    [Fact]
    public void Without_a_secret_there_is_no_signature() => Assert.Equal("", Sign("", Text()));

    [Fact]
    public void What_is_signed_is_names_and_values_with_nothing_between_them() => Assert.Equal(Signed, Encoding.UTF8.GetString(Text().Bytes));

    [Fact]
    public void A_signature_is_of_one_text_and_not_of_those_before_it()
    {
        using var signer = new SampleSigner("s3cret"u8.ToArray());
        var text = Text();
        var first = Encoding.UTF8.GetString(signer.Sign(text.Bytes));
        text.Clear();
        text.Add("a"u8, 1);

        Assert.NotEqual(first, Encoding.UTF8.GetString(signer.Sign(text.Bytes)));
        Assert.Equal(first, Encoding.UTF8.GetString(signer.Sign(Text().Bytes)));
    }

    private static string Sign(string secret, SignedText text)
    {
        using var signer = new SampleSigner(Encoding.UTF8.GetBytes(secret));
        return Encoding.UTF8.GetString(signer.Sign(text.Bytes));
    }

    private static SignedText Text(params string[] more)
    {
        var fields = new SortedDictionary<string, string?>(StringComparer.Ordinal)
        {
            ["counter_name"] = "storage.objects.size",
            ["counter_type"] = "gauge",
            ["counter_unit"] = "B",
            ["counter_volume"] = "1234",
            ["message_id"] = "bcdbd2b6-e5f0-11f1-9807-02fc00000001",
            ["monotonic_time"] = null,
            ["project_id"] = "0123456789abcdef0123456789abcdef",
            ["resource_id"] = "0123456789abcdef0123456789abcdef",
            ["source"] = "openstack",
            ["timestamp"] = "2026-11-21T21:15:54.863111",
            ["user_id"] = null,
        };
        foreach (var field in more.Select(field => field.Split('=')))
        {
            fields[field[0]] = field.ElementAtOrDefault(1);
        }

        var text = new SignedText();
        foreach (var (name, value) in fields)
        {
            Add(text, Encoding.UTF8.GetBytes(name), value);
        }

        return text;
    }

    private static void Add(SignedText text, byte[] name, string? value)
    {
        if (value is null)
        {
            text.AddNull(name);
        }
        else if (long.TryParse(value, out var number))
        {
            text.Add(name, number);
        }
        else
        {
            text.Add(name, value);
        }
    }
}

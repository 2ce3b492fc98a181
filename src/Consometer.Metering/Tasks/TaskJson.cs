using System.Text.Json.Serialization;

namespace Consometer.Metering.Tasks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RoundTask))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(RoundEnded))]
[JsonSerializable(typeof(JournalEntry.Begun))]
[JsonSerializable(typeof(JournalEntry.Planned))]
internal sealed partial class TaskJson : JsonSerializerContext;

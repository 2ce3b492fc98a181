using System.Text.Json.Serialization;

namespace Consometer.Metering.Tasks;

// A null where none may be, or nothing where something must be, is found where the message is read, and not by whoever uses it.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RoundTask))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(RoundEnded))]
[JsonSerializable(typeof(JournalEntry.Begun))]
[JsonSerializable(typeof(JournalEntry.Planned))]
internal sealed partial class TaskJson : JsonSerializerContext;

namespace Consometer.Cli.Output;

/// <summary>How <c>poll</c> prints samples.</summary>
internal enum SampleFormat
{
    /// <summary>For people: a line an account.</summary>
    Table,

    /// <summary>A JSON object a sample, one a line.</summary>
    Ndjson,

    /// <summary>RFC 4180, a line a sample, the same fields in the same order.</summary>
    Csv,

    /// <summary>One document: the report, the accounts without a figure, those whose replicas disagree, the samples.</summary>
    Json,
}

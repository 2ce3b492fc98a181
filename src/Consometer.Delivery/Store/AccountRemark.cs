namespace Consometer.Delivery.Store;

/// <summary>An account that is unknown in a round, not listed to the end, an orphan, or that its replicas disagree of.</summary>
/// <param name="Account">Its name in Swift.</param>
/// <param name="Replicas">What each replica that was asked said, or why there is no listing, or what an orphan holds.</param>
public sealed record AccountRemark(string Account, string Replicas);

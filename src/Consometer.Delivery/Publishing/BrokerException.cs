using Consometer.Swift.Keystone;

namespace Consometer.Delivery.Publishing;

/// <summary>
/// The broker did not answer, refused, or was lost. The message says where, what was wanted, what was found, which may be
/// the broker's own words: without the password, that these may repeat. The program ends with exit code 5.
/// </summary>
public sealed class BrokerException(BrokerOptions broker, string wanted, string found, Exception? innerException = null)
    : Exception($"{broker}: wanted {wanted}, found {new Secret(broker.Password).Mask(found)}", innerException);

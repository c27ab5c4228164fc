using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Client.Replay;

/// <summary>
/// The idempotency keys of a replay: the same file through the same access key gives the same keys, so a second run repeats and adds nothing.
/// </summary>
/// <remarks>
/// Keys stand in the journal in clear, and a customer's number is a personal field: the key of an enrolment is therefore a keyed hash of
/// it that nobody without the access key can try out.
/// </remarks>
internal sealed class ReplayKeys(string accessKey)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(accessKey);

    public string Enrolment(string customer) => "replay-" + Hash("replay/enrol/" + customer);

    public static string Store(string store) => "replay-store-" + store;

    /// <summary>Key of one batch: says the same for the same receipts.</summary>
    public string Batch(IEnumerable<ReplayOperation> operations)
    {
        var text = new StringBuilder("replay/batch");
        foreach (var operation in operations)
            text.Append(CultureInfo.InvariantCulture, $"/{operation.Store}/{operation.Receipt}");
        return "replay-" + Hash(text.ToString());
    }

    private string Hash(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)).AsSpan(0, 20));
}

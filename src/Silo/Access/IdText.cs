using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Silo.Access;

/// <summary>Ids that the server makes: ten bytes as Crockford base32 in lower case behind a letter.</summary>
public static class IdText
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Bytes = 10;

    /// <summary>
    /// Id of a customer, derived from chain and command id of the enrolment (which holds the till's idempotency key), so that a retry
    /// reaches the same grain.
    /// </summary>
    public static string CustomerId(string chain, string commandId) => "c" + Derive(chain + "/customer/" + commandId);

    /// <summary>Id of an access key, derived likewise.</summary>
    public static string KeyId(string chain, string commandId) => "k" + Derive(chain + "/access-key/" + commandId);

    /// <summary>An id of an access key by chance, for the first one.</summary>
    public static string NewKeyId() => "k" + Encode(RandomNumberGenerator.GetBytes(Bytes));

    private static string Derive(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Encode(hash[..Bytes]);
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        // Ten bytes are exactly sixteen groups of five bits.
        Span<char> text = stackalloc char[Bytes * 8 / 5];
        var (pending, bits, at) = (0, 0, 0);
        foreach (var one in bytes)
        {
            pending = (pending << 8) | one;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(pending >> bits) & 31];
            }

            pending &= (1 << bits) - 1;
        }

        return new string(text);
    }
}

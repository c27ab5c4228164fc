using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Silo.Access;

/// <summary>The text of an access key, <c>ck_{id}_{secret}</c>: what a till sends and what people copy once.</summary>
public static class AccessKeyText
{
    private const string Prefix = "ck_";

    /// <summary>Bytes of a secret before it is written as base64url.</summary>
    public const int SecretBytes = 32;

    /// <summary>Puts a key together.</summary>
    public static string Format(string keyId, string secret) => string.Concat(Prefix, keyId, "_", secret);

    /// <summary>Takes a key apart; false when the text is no access key.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out string keyId, out string secret)
    {
        keyId = secret = "";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        text = text[Prefix.Length..];
        var end = text.IndexOf('_');
        if (end is < 1 or > ApiLimits.AccessKeyIdMax || text.Length - end - 1 is < 1 or > ApiLimits.AccessKeySecretMax) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        (keyId, secret) = (text[..end].ToString(), text[(end + 1)..].ToString());
        return true;
    }

    /// <summary>A new secret.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What the journal keeps of a secret: SHA-256 of its text, base64url. The secret is 256 random bits, so a slow hash would add nothing.</summary>
    public static string Hash(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public static bool SameHash(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(left), Encoding.ASCII.GetBytes(right));
}

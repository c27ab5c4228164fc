using ChainCrm.Domain;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Silo.Api;

/// <summary>
/// A customer's code for recommending the chain: the 80 bits of the customer's id under the chain's key (four rounds of a Feistel network), in the form of printed codes. It says nothing of the
/// customer, one can't be made from another or from an id, and nothing is stored for it: of the 10^24 codes those of customers are found by nobody who was not told one.
/// </summary>
internal static class ReferralCodes
{
    private const int HalfBits = 40, Rounds = 4;
    private const ulong Half = (1UL << HalfBits) - 1;

    /// <summary>The code of a customer; null for an id that this server did not make.</summary>
    public static string? Of(IPersonalVault vault, string chain, CustomerId customer)
    {
        if (customer.Value is not ['c', .. var made] || PrintedCode.Read(made) is not { } bits || IdOf(bits) != customer) return null;
        var (left, right) = ((ulong)(bits >> HalfBits), (ulong)(bits & Half));
        for (var round = 0; round < Rounds; round++) (left, right) = (right, left ^ Mix(vault, chain, round, right));
        return PrintedCode.Format(((UInt128)left << HalfBits) | right);
    }

    /// <summary>The customer whose code a text would be, however it is spaced; whether there is such a customer is asked elsewhere. Null when it is no code at all.</summary>
    public static CustomerId? Read(IPersonalVault vault, string chain, string text)
    {
        if (PrintedCode.Read(text) is not { } bits) return null;
        var (left, right) = ((ulong)(bits >> HalfBits), (ulong)(bits & Half));
        for (var round = Rounds - 1; round >= 0; round--) (left, right) = (right ^ Mix(vault, chain, round, left), left);
        return IdOf(((UInt128)left << HalfBits) | right);
    }

    private static CustomerId IdOf(UInt128 bits) => new("c" + PrintedCode.Format(bits).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());

    private static ulong Mix(IPersonalVault vault, string chain, int round, ulong half)
    {
        var writer = new FingerprintWriter(FingerprintKind.ReferralCode);
        writer.Text(chain);
        writer.Number(round);
        writer.Number((long)half);
        return writer.Finish(vault) >> (64 - HalfBits);
    }
}

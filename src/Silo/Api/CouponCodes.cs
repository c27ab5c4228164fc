using System.Globalization;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Silo.Api;

/// <summary>One code of a batch.</summary>
/// <param name="Batch">The batch; 1 to 4,095.</param>
/// <param name="Number">Its number within the batch; from 0.</param>
internal readonly record struct CouponCode(int Batch, int Number)
{
    /// <summary>The key of its grain; no secret.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Batch}-{Number}");
}

/// <summary>
/// Codes as they are printed: 16 letters and digits in groups of four, in an alphabet without letters that look alike (Crockford's base 32). 36 bits say batch and number, 44 bits prove that
/// this chain printed it: nothing is stored for a code before it is shown, and guessing one takes 17 million million attempts.
/// </summary>
internal static class CouponCodes
{
    /// <summary>The command of a customer's that a code was shown with: the code is its own key.</summary>
    public static string CommandIdOf(CouponCode code) => $"{Callers.CouponCodes}/{code.Key}";

    /// <summary>The key of the code behind a command; null when it was none. No store's command begins like this.</summary>
    public static string? KeyOf(string commandId) =>
        commandId.StartsWith(Callers.CouponCodes + "/", StringComparison.Ordinal) ? commandId[(Callers.CouponCodes.Length + 1)..] : null;

    private const int NumberBits = 24, ProofBits = 44;

    /// <summary>The code as people see it: XXXX-XXXX-XXXX-XXXX.</summary>
    public static string Format(IPersonalVault vault, string chain, CouponCode code)
    {
        var bits = ((UInt128)(uint)code.Batch << (NumberBits + ProofBits)) | ((UInt128)(uint)code.Number << ProofBits) | ProofOf(vault, chain, code);
        return PrintedCode.Format(bits);
    }

    /// <summary>The code behind a text, however it is spaced; null when this chain did not print it.</summary>
    public static CouponCode? Read(IPersonalVault vault, string chain, string text)
    {
        if (PrintedCode.Read(text) is not { } bits) return null;
        var code = new CouponCode((int)(bits >> (NumberBits + ProofBits)), (int)((bits >> ProofBits) & ((1 << NumberBits) - 1)));
        return (ulong)(bits & ((UInt128.One << ProofBits) - 1)) == ProofOf(vault, chain, code) ? code : null;
    }

    private static ulong ProofOf(IPersonalVault vault, string chain, CouponCode code)
    {
        var writer = new FingerprintWriter(FingerprintKind.CouponCode);
        writer.Text(chain);
        writer.Number(code.Batch);
        writer.Number(code.Number);
        return writer.Finish(vault) >> (64 - ProofBits);
    }
}

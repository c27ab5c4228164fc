namespace ChainCrm.Silo.Api;

/// <summary>80 bits as people read them to each other: 16 letters and digits in groups of four, in an alphabet without letters that look alike (Crockford's base 32).</summary>
internal static class PrintedCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Digits = 16, BitsPerDigit = 5, Group = 4;

    /// <summary>XXXX-XXXX-XXXX-XXXX.</summary>
    public static string Format(UInt128 bits)
    {
        Span<char> text = stackalloc char[Digits + (Digits / Group) - 1];
        for (int i = Digits - 1, at = text.Length - 1; i >= 0; i--)
        {
            text[at--] = Alphabet[(int)(bits & 31)];
            bits >>= BitsPerDigit;
            if (i % Group == 0 && i > 0) text[at--] = '-';
        }

        return new string(text);
    }

    /// <summary>The bits behind a text, however it is spaced and written; null when it is none.</summary>
    public static UInt128? Read(ReadOnlySpan<char> text)
    {
        var (bits, digits) = (UInt128.Zero, 0);
        foreach (var c in text)
        {
            if (c is '-' or ' ') continue;
            if (++digits > Digits || DigitOf(c) is not (>= 0 and var digit)) return null;
            bits = (bits << BitsPerDigit) | (uint)digit;
        }

        return digits == Digits ? bits : null;
    }

    private static int DigitOf(char c) => char.ToUpperInvariant(c) switch
    {
        'O' => 0,
        'I' or 'L' => 1,
        var upper => Alphabet.IndexOf(upper),
    };
}

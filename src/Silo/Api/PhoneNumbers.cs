using System.Globalization;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Brings telephone numbers, in any form people type, to the one form that is indexed: E.164. Spaces, dashes, dots, brackets and
/// full-width digits are taken; a number without a country code gets the installation's own.
/// </summary>
internal sealed class PhoneNumbers(string countryCode)
{
    private const int DigitsMin = 7;
    private const int MobileLength = 11;

    /// <summary>The number as +digits; null when it is none.</summary>
    public string? Normalise(string typed)
    {
        if (typed.Length > ApiLimits.PhoneTypedMax) return null;
        Span<char> digits = stackalloc char[ApiLimits.PhoneTypedMax];
        var (count, plus) = (0, false);
        foreach (var c in typed.AsSpan().Trim())
        {
            var digit = c is >= '0' and <= '9' or >= '０' and <= '９' ? CharUnicodeInfo.GetDecimalDigitValue(c) : -1;
            if (digit >= 0) digits[count++] = (char)('0' + digit);
            else if (c is '+' or '＋' && count == 0 && !plus) plus = true;
            else if (!IsSeparator(c)) return null;
        }

        return Complete(digits[..count], plus);
    }

    private string? Complete(ReadOnlySpan<char> digits, bool plus)
    {
        if (!plus && digits.StartsWith("00"))
        {
            digits = digits[2..];
            plus = true;
        }

        if (plus)
        {
            // +86 (0)138...: the trunk zero is not part of the number.
            if (digits.StartsWith(countryCode + "0")) return With(digits[(countryCode.Length + 1)..]);
            return digits.Length is >= DigitsMin and <= ApiLimits.PhoneDigitsMax && digits[0] != '0' ? string.Concat("+", digits) : null;
        }

        // 86 138 0013 8000, typed without the plus.
        if (digits.StartsWith(countryCode) && digits.Length > MobileLength && digits.Length - countryCode.Length == MobileLength) return With(digits[countryCode.Length..]);
        return With(digits.StartsWith("0") ? digits[1..] : digits);
    }

    private string? With(ReadOnlySpan<char> national)
    {
        if (national.Length < DigitsMin || national.Length + countryCode.Length > ApiLimits.PhoneDigitsMax || national[0] == '0') return null;
        // In China a number of eleven digits that begins with 1 is a mobile one; other lengths with a 1 in front are no numbers.
        if (countryCode == "86" && national[0] == '1' && national.Length != MobileLength && national.Length != MobileLength - 1) return null;
        return string.Concat("+", countryCode, national);
    }

    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is '-' or '.' or '(' or ')' or '/' or '（' or '）' or '－' or '–' or '—' or '‑' or '·';
}

using System.Globalization;

namespace ChainCrm.Client.Replay;

/// <summary>Turns amounts written as decimals into minor units, exactly, by way of decimal arithmetic; never through floating point.</summary>
/// <remarks>
/// An amount with more decimals than the currency has is rounded to the nearest minor unit, halves away from zero, as a till rounds. It
/// is never rounded silently: the caller is told what was added or left out and counts it.
/// </remarks>
public static class MinorUnits
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads an amount.</summary>
    /// <param name="text">Such as 12.5, -3 or 1e2; surrounding blanks are ignored. No thousands separators.</param>
    /// <param name="decimals">Decimals of the currency, 0 to 4.</param>
    /// <param name="minor">The amount in minor units.</param>
    /// <param name="rounding">What rounding added (positive) or left out (negative), in major units; 0 when exact.</param>
    /// <returns>False when the text is no amount or too large.</returns>
    public static bool TryParse(string text, int decimals, out long minor, out decimal rounding)
    {
        ArgumentNullException.ThrowIfNull(text);
        minor = 0;
        rounding = 0;
        if (!decimal.TryParse(text.AsSpan().Trim(), Style, CultureInfo.InvariantCulture, out var amount)) return false;

        var rounded = decimal.Round(amount, decimals, MidpointRounding.AwayFromZero);
        var factor = Factor(decimals);
        if (decimal.Abs(rounded) > ClientLimits.ReplayAmountMinorMax / factor) return false;

        minor = decimal.ToInt64(rounded * factor);
        rounding = rounded - amount;
        return true;
    }

    /// <summary>Minor units as people write them, such as 1,234.50.</summary>
    public static string Format(long minor, int decimals) =>
        (minor / Factor(decimals)).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static decimal Factor(int decimals) => decimals switch
    {
        0 => 1m,
        1 => 10m,
        2 => 100m,
        3 => 1_000m,
        4 => 10_000m,
        _ => throw new ArgumentOutOfRangeException(nameof(decimals), "0 to 4 decimals."),
    };
}

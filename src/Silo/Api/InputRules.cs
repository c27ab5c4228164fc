using System.Globalization;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>What texts and numbers of a request must look like before the domain sees them. Null means nothing is wrong.</summary>
internal static class InputRules
{
    /// <summary>An id that becomes part of a stream name: A-Z a-z 0-9 - _ . and nothing else.</summary>
    public static Rejection? Id(string? value, string field, int max = Limits.IdLengthMax)
    {
        if (value is null) return ApiRejections.MissingField.At(field);
        if (value.Length > max) return ApiRejections.TextTooLong.At(field);
        if (value.Length == 0) return ApiRejections.TextInvalid.At(field);
        foreach (var c in value)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return ApiRejections.TextInvalid.At(field);
        return null;
    }

    /// <summary>A receipt number as the domain has it.</summary>
    public static Rejection? Receipt(string? value, string field) =>
        value is null ? ApiRejections.MissingField.At(field) : IdRules.IsReceipt(value) ? null : CustomerRejections.ReceiptInvalid.At(field);

    /// <summary>Printable ASCII without a space at either end, one character or more.</summary>
    public static bool IsPrintableAscii(string value)
    {
        if (value.Length == 0 || value[0] == ' ' || value[^1] == ' ') return false;
        foreach (var c in value)
            if (c is < ' ' or > '~') return false;
        return true;
    }

    /// <summary>A text that must be there.</summary>
    public static Rejection? Text(string? value, string field, int max) =>
        value is null ? ApiRejections.MissingField.At(field) : OptionalText(value, field, max);

    /// <summary>A text that may be left out.</summary>
    public static Rejection? OptionalText(string? value, string field, int max)
    {
        if (value is null) return null;
        if (value.Length > max) return ApiRejections.TextTooLong.At(field);
        if (value.Length == 0 || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])) return ApiRejections.TextInvalid.At(field);
        foreach (var c in value)
            if (IsUnprintable(c)) return ApiRejections.TextInvalid.At(field);
        return null;
    }

    /// <summary>A quantity with at most three decimals, in thousandths.</summary>
    public static Outcome<Quantity> Quantity(decimal value)
    {
        if (value < 0 || value > Limits.QuantityMilliMax / 1000m) return ApiRejections.NumberOutOfRange;
        var milli = value * 1000m;
        return decimal.Truncate(milli) == milli ? new Quantity((long)milli) : ApiRejections.NumberOutOfRange;
    }

    /// <summary>Control characters, line separators, and the marks that turn the direction of writing: they make one text look like another.</summary>
    private static bool IsUnprintable(char c) =>
        c < ' ' || (c >= '\u007f' && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

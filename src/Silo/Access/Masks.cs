namespace ChainCrm.Silo.Access;

/// <summary>Personal fields as they are shown to those who may not see them.</summary>
public static class Masks
{
    /// <summary>The first character stays: 王**.</summary>
    public static string? Name(string? name)
    {
        if (string.IsNullOrEmpty(name)) return null;
        var first = System.Globalization.StringInfo.GetNextTextElement(name);
        return first + "**";
    }

    /// <summary>+8613800131234 becomes 138****1234; other countries keep code and the last four: +44****1234.</summary>
    public static string? Phone(string? e164)
    {
        if (e164 is null) return null;
        if (e164.Length == 14 && e164.StartsWith("+86", StringComparison.Ordinal)) return string.Concat(e164.AsSpan(3, 3), "****", e164.AsSpan(10));
        return e164.Length < 8 ? "****" : string.Concat(e164.AsSpan(0, 3), "****", e164.AsSpan(e164.Length - 4));
    }

    /// <summary>The last four stay, of eight or more: ****1234.</summary>
    public static string? Number(string? number) =>
        number is null ? null : number.Length < 8 ? "****" : string.Concat("****", number.AsSpan(number.Length - 4));

    /// <summary>Only the month stays: --05-**.</summary>
    public static string? Birthday(string? birthday) =>
        birthday is null || birthday.Length < 5 ? null : string.Concat("--", birthday.AsSpan(birthday.Length - 5, 2), "-**");
}

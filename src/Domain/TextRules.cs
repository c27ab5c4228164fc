namespace ChainCrm.Domain;

/// <summary>What a text that people wrote may hold.</summary>
public static class TextRules
{
    /// <summary>A name, a reason, a note: 1 to <see cref="Limits.TextLengthMax"/> characters, not blank, nothing invisible.</summary>
    public static bool IsText(string? text) =>
        text is not null && text.Length <= Limits.TextLengthMax && !string.IsNullOrWhiteSpace(text) && IsClean(text);

    /// <summary>The same, or nothing at all.</summary>
    public static bool IsTextOrNull(string? text) => text is null || IsText(text);

    /// <summary>No control characters and no broken surrogate pairs.</summary>
    public static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Hands out one string object for equal short texts that come back again and again (store ids, tier ids, tills, categories), so that a
/// million customers in memory share them. Bounded: a slot that is taken by another text is simply overwritten. Thread-safe without locks,
/// because a slot holds either of two correct strings.
/// </summary>
public static class StringPool
{
    private static readonly string?[] Slots = new string?[GrainLimits.StringPoolSlots];

    /// <summary>The shared string equal to these characters.</summary>
    public static string Get(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return "";
        ref var slot = ref Slots[(int)(StableHash.Of(text) & (ulong)(GrainLimits.StringPoolSlots - 1))];
        var kept = Volatile.Read(ref slot);
        if (kept is not null && text.SequenceEqual(kept))
            return kept;
        var made = text.ToString();
        Volatile.Write(ref slot, made);
        return made;
    }
}

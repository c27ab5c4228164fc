namespace ChainCrm.Grains.ReadModels;

/// <summary>Empties what a fold is kept in, so that it is filled again without growing; what a catch-up blew up is let go.</summary>
internal static class FoldMemory
{
    public static void Empty<TKey, TValue>(this Dictionary<TKey, TValue> dictionary)
        where TKey : notnull
    {
        dictionary.Clear();
        if (dictionary.Capacity > GrainLimits.ReadModelPlacesKept) dictionary.TrimExcess();
    }

    public static void Empty<T>(this List<T> list)
    {
        list.Clear();
        if (list.Capacity > GrainLimits.ReadModelPlacesKept) list.Capacity = 0;
    }
}

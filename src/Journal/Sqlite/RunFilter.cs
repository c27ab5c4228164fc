namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Bloom filters of the two parts of a run: says of most hashes that are not in the run that they are not, from memory. A key's bits lie in one word, and
/// words follow one another as the hashes do, so a look-up waits for memory once and a filter is made from a run from its first word to its last.
/// Written by one thread, then read by any.
/// </summary>
internal sealed class RunFilter(long entries)
{
    private readonly ulong[][] parts = [new ulong[Words(entries)], new ulong[Words(entries)]];

    /// <summary>Bytes of memory that the filter of so many entries takes.</summary>
    public static long Bytes(long entries) => 2 * sizeof(ulong) * Words(entries);

    public void Add(RunPart part, long hash)
    {
        var words = parts[(int)part];
        words[WordOf(words, hash)] |= BitsOf(hash);
    }

    /// <summary>False when the hash is certainly not in the run.</summary>
    public bool MayHold(RunPart part, long hash)
    {
        var words = parts[(int)part];
        var bits = BitsOf(hash);
        return (words[WordOf(words, hash)] & bits) == bits;
    }

    private static long Words(long entries) => entries * JournalLimits.IndexFilterBitsPerEntry / 64 + 1;

    /// <summary>By the first bits of the hash, in its order.</summary>
    private static long WordOf(ulong[] words, long hash) => (long)Math.BigMul(unchecked((ulong)(hash ^ long.MinValue)), (ulong)words.LongLength, out _);

    /// <summary>Four bits, by the last 24 of the hash.</summary>
    private static ulong BitsOf(long hash) => 1UL << (int)(hash & 63) | 1UL << (int)(hash >> 6 & 63) | 1UL << (int)(hash >> 12 & 63) | 1UL << (int)(hash >> 18 & 63);
}

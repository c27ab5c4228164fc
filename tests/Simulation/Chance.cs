using System.Runtime.CompilerServices;

namespace ChainCrm.Simulation;

/// <summary>All chance of a run: the same seed gives the same numbers in every process and on every version of the runtime (SplitMix64).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits()
    {
        unchecked
        {
            var mixed = _state += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>0 to below a bound.</summary>
    public int Next(int below) => (int)(((Bits() >> 32) * (ulong)below) >> 32);

    /// <summary>From a bound to below another.</summary>
    public int Next(int from, int below) => from + Next(below - from);

    /// <summary>0 to below a bound; bounds are far below 2^63, so that the remainder is even enough.</summary>
    public long NextLong(long below) => (long)(Bits() % (ulong)below);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Next(times) == 0;

    /// <summary>True in so many of a hundred times.</summary>
    public bool Percent(int percent) => Next(100) < percent;

    /// <summary>Never 0: what a fingerprint must not be.</summary>
    public ulong Fingerprint() => Bits() | 1;

    public T Of<T>(IReadOnlyList<T> list) => list[Next(list.Count)];
}

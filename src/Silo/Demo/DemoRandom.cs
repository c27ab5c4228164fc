namespace ChainCrm.Silo.Demo;

/// <summary>
/// A small random generator (SplitMix64) of our own, because a demo that continues after a restart, perhaps on another version of the
/// framework, needs the same numbers for the same seed for ever.
/// </summary>
internal struct DemoRandom
{
    private ulong _state;

    private DemoRandom(ulong state) => _state = state;

    /// <summary>A generator for one purpose; different purposes are independent of each other.</summary>
    public static DemoRandom For(long seed, params ReadOnlySpan<long> purpose)
    {
        var random = new DemoRandom(unchecked((ulong)seed * 0x9E3779B97F4A7C15UL));
        foreach (var part in purpose) random._state = unchecked((random.Next() ^ (ulong)part) * 0xD1342543DE82EF95UL);
        return random;
    }

    /// <summary>A number from 0 to below <paramref name="below"/>.</summary>
    public int Below(int below) => (int)(Next() % (ulong)below);

    /// <summary>A number from 0 to below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in this many of a thousand cases.</summary>
    public bool PerMille(int thousandths) => Below(1_000) < thousandths;

    /// <summary>An index by weights.</summary>
    public int Weighted(IReadOnlyList<int> weights)
    {
        var total = 0;
        for (var i = 0; i < weights.Count; i++) total += weights[i];
        var point = Below(total);
        for (var i = 0; i < weights.Count; i++)
        {
            point -= weights[i];
            if (point < 0) return i;
        }
        return weights.Count - 1;
    }

    /// <summary>How many of something rare happen when <paramref name="mean"/> are expected (Poisson, by Knuth; for means below 500).</summary>
    public int Count(double mean)
    {
        // exp(-mean) would lose its digits for large means, so the mean is taken in pieces.
        var count = 0;
        for (var left = mean; left > 0; left -= 20)
        {
            var limit = Math.Exp(-Math.Min(left, 20));
            for (var product = Unit(); product > limit; product *= Unit()) count++;
        }
        return count;
    }

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}

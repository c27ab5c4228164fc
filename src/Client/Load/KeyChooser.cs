namespace ChainCrm.Client.Load;

/// <summary>Small and fast random numbers (xorshift64*), one for each connection; the same seed gives the same numbers.</summary>
internal struct FastRandom(ulong seed)
{
    private ulong _state = seed == 0 ? 0x9E3779B97F4A7C15 : seed;

    public uint Next()
    {
        unchecked
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            return (uint)((_state * 2685821657736338717UL) >> 32);
        }
    }

    /// <summary>0 to count - 1, each alike.</summary>
    public int Below(int count) => (int)(((ulong)Next() * (ulong)count) >> 32);

    /// <summary>0 up to, not including, 1.</summary>
    public double Fraction() => Next() / 4294967296.0;
}

/// <summary>
/// Chooses keys, each alike or by Zipf's law: key k (from 0) in proportion to 1 / (k + 1)^s. Walker's alias tables make a choice cost two
/// random numbers however many keys there are.
/// </summary>
internal sealed class KeyChooser
{
    private readonly int _count;
    private readonly float[]? _keep;
    private readonly int[]? _other;

    /// <summary>Every key alike.</summary>
    public KeyChooser(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _count = count;
    }

    /// <summary>By Zipf's law with an exponent above 0.</summary>
    public KeyChooser(int count, double exponent)
        : this(count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(exponent, 0);
        var weights = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += weights[i] = Math.Pow(i + 1, -exponent);

        (_keep, _other) = (new float[count], new int[count]);
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < count; i++)
        {
            weights[i] *= count / sum;
            (weights[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (less, more) = (small.Pop(), large.Pop());
            (_keep[less], _other[less]) = ((float)weights[less], more);
            weights[more] -= 1 - weights[less];
            (weights[more] < 1 ? small : large).Push(more);
        }

        foreach (var rest in small.Concat(large)) (_keep[rest], _other[rest]) = (1f, rest);
    }

    /// <summary>A key from 0 to count - 1.</summary>
    public int Choose(ref FastRandom random)
    {
        var key = random.Below(_count);
        return _keep is null || random.Fraction() < _keep[key] ? key : _other![key];
    }
}

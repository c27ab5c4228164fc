namespace ChainCrm.TestKit.Domain;

/// <summary>Small numbers out of one: the same of the same.</summary>
internal sealed class Dice
{
    private uint _state;

    private Dice(uint state) => _state = state;

    public static Dice Of(int seed) => new(Mix(seed) | 1);

    /// <summary>From 0 to less than a number.</summary>
    public int Next(int below)
    {
        unchecked
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
        }

        return below <= 0 ? 0 : (int)(_state % (uint)below);
    }

    public bool OneIn(int times) => Next(times) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    private static uint Mix(int number)
    {
        unchecked
        {
            var x = (uint)number * 0x9E3779B1u;
            x ^= x >> 15;
            x *= 0x85EBCA77u;
            return x ^ (x >> 13);
        }
    }
}

using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.Tests.ReadSide;

/// <summary>Takes entries one by one and, while it has failures left, throws at one of them; after <paramref name="passesBy"/> it leaves that one out.</summary>
internal sealed class ThrowingProjection(string name, long throwsAt = 0, int times = 0, bool passesBy = false) : IProjection
{
    private readonly List<long> _taken = [];
    private readonly PositionWaiters _reached = new(0);
    private int _left = times;

    public string Name => name;

    public long Position => _reached.Position;

    /// <summary>Positions in the order taken.</summary>
    public IReadOnlyList<long> Taken => _taken;

    public Task ReachedAsync(long position) => _reached.WaitAsync(position, CancellationToken.None).OrSay($"{name} reached {position}");

    public void Apply(IReadOnlyList<CommittedEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Position == throwsAt && _left-- > 0)
            {
                if (passesBy) _reached.Reach(entry.Position);
                throw new InvalidOperationException("out of order");
            }

            _taken.Add(entry.Position);
            _reached.Reach(entry.Position);
        }
    }
}

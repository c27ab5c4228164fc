using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;

namespace ChainCrm.Simulation;

/// <summary>What breaks around the cores: what the read side is told, and what its clock shows.</summary>
internal static class BrokenHosts
{
    /// <summary>The clock of the read side.</summary>
    public static TimeProvider Clock(SimClock clock, Break how) => how switch
    {
        Break.WakeEarly => new ShiftedClock(clock, TimeSpan.FromHours(1)),
        Break.WakeLate => new ShiftedClock(clock, TimeSpan.FromMinutes(-1)),
        _ => clock,
    };

    /// <summary>What a broken process says it did; null when it really asks.</summary>
    public static CommandReply? Pretend(Break how, object command) => (how, command) switch
    {
        (Break.ForgetRelease, ReleaseIdentity) or (Break.ForgetConfirm, ConfirmIdentity) => new CommandReply(ReplyKind.AlreadySo, null, null),
        _ => null,
    };

    /// <summary>What a broken process makes of an answer.</summary>
    public static CommandReply Overhear(Break how, object command, CommandReply reply) => (how, command) switch
    {
        (Break.ReserveAnyway, ReserveIdentity) when reply.Rejection is { Code: < 900 } => new CommandReply(ReplyKind.AlreadySo, null, null),
        (Break.MishearArrival, TakeDelivery) when reply.IsOk => new CommandReply(ReplyKind.Refused, null, CustomerRejections.NotEnrolled),
        _ => reply,
    };

    /// <summary>What a broken feed hands over.</summary>
    public static IReadOnlyList<CommittedEntry> Skip(Break how, IReadOnlyList<CommittedEntry> entries) =>
        how == Break.SkipFeedEntry && Hits(entries, 29) is { } at ? [.. entries.Where((_, i) => i != at)] : entries;

    /// <summary>What a broken reader makes of it.</summary>
    public static IReadOnlyList<CommittedEntry> Mishear(Break how, string reader, IReadOnlyList<CommittedEntry> entries) => (how, reader) switch
    {
        (Break.DropWakeUp, "agenda") => [.. entries.Select(static entry => entry.Grain.Stream.EndsWith('2') ? entry with { WakeUp = default } : entry)],
        (Break.CountTwice, "read-models") when Hits(entries, 17) is { } at => [.. entries.Take(at + 1), .. entries.Skip(at)],
        (Break.WallMissesEntry, "wall") when Hits(entries, 17) is { } at => Replace(entries, at, entries[at] with { Events = [] }),
        _ => entries,
    };

    private static int? Hits(IReadOnlyList<CommittedEntry> entries, int every)
    {
        // The last of a hand-over is left alone: what is skipped must be missed, not asked for again.
        for (var i = 0; i < entries.Count - 1; i++)
            if (entries[i].Position % every == 0)
                return i;
        return null;
    }

    private static List<CommittedEntry> Replace(IReadOnlyList<CommittedEntry> entries, int at, CommittedEntry with)
    {
        var replaced = entries.ToList();
        replaced[at] = with;
        return replaced;
    }

    /// <summary>Timers as they should be, another time on the wall.</summary>
    private sealed class ShiftedClock(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }
}

/// <summary>The directories' programmes with other earning rules than were published.</summary>
internal sealed class LooseProgrammes(IDirectories directories, Func<EarningRule, EarningRule> loosen) : IProgrammes
{
    private readonly Dictionary<int, Programme> _loose = [];

    /// <summary>What a core decides by.</summary>
    public static IProgrammes Of(IDirectories directories, Break how) => how switch
    {
        Break.OldProgramme => new BehindProgrammes(directories),
        Break.GivePastCap => new LooseProgrammes(directories, static rule => rule with { Caps = [] }),
        Break.GiveGroupTwice => new LooseProgrammes(directories, static rule => rule with { Group = null }),
        _ => directories,
    };

    public Programme Current(ReadOnlySpan<char> chain) => Loose(directories.Current(chain))!;

    public Programme? ProgrammeVersion(string chain, int version) => Loose(directories.ProgrammeVersion(chain, version));

    private Programme? Loose(Programme? programme)
    {
        if (programme is null || _loose.TryGetValue(programme.Version, out var loose))
            return programme is null ? null : _loose[programme.Version];
        loose = programme with { Earning = programme.Earning with { Rules = [.. programme.Earning.Rules.Select(loosen)] } };
        return _loose[programme.Version] = loose;
    }
}

/// <summary>The directories' programmes, or, broken on purpose, those before them.</summary>
internal sealed class BehindProgrammes(IDirectories directories) : IProgrammes
{
    public Programme Current(ReadOnlySpan<char> chain)
    {
        var current = directories.Current(chain);
        return current.Version < 2 ? current : directories.ProgrammeVersion(chain.ToString(), current.Version - 1) ?? current;
    }

    public Programme? ProgrammeVersion(string chain, int version) => directories.ProgrammeVersion(chain, version);
}

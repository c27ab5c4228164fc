using ChainCrm.Domain;

namespace ChainCrm.Grains.Agenda;

/// <summary>What came of waking a grain.</summary>
/// <param name="Reply">What it answered.</param>
/// <param name="NotBefore">When to wake it again although nothing went wrong: its time has not come yet, and nobody else would remember it.</param>
public readonly record struct WakeUpOutcome(CommandReply Reply, Timestamp? NotBefore = null)
{
    /// <summary>Its time had come and there was nothing to do: that is looked into before the agenda forgets it.</summary>
    public bool IsNothingDue { get; init; }
}

/// <summary>Wakes grains of one kind. Kinds without a handler of their own are sent a <see cref="Runtime.WakeGrain"/>.</summary>
public interface IWakeUpHandler
{
    /// <summary>The kind, one of <see cref="GrainKinds"/>.</summary>
    string Kind { get; }

    /// <summary>
    /// Wakes a grain. May be called again for the same firing, after a crash or a refusal that may pass: <paramref name="commandId"/> is then the same,
    /// so what it did takes effect once.
    /// </summary>
    ValueTask<WakeUpOutcome> WakeAsync(GrainId grain, string commandId, Timestamp now, CancellationToken cancellation);
}

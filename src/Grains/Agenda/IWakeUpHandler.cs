using ChainCrm.Domain;

namespace ChainCrm.Grains.Agenda;

/// <summary>Wakes grains of one kind. Kinds without a handler of their own are sent a <see cref="Runtime.WakeGrain"/>.</summary>
public interface IWakeUpHandler
{
    /// <summary>The kind, one of <see cref="GrainKinds"/>.</summary>
    string Kind { get; }

    /// <summary>
    /// Wakes a grain. May be called again for the same firing, after a crash or a refusal that may pass: <paramref name="commandId"/> is then the same,
    /// so what it did takes effect once.
    /// </summary>
    ValueTask<CommandReply> WakeAsync(GrainId grain, string commandId, Timestamp now, CancellationToken cancellation);
}

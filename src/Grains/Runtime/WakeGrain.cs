using ChainCrm.Domain;

namespace ChainCrm.Grains.Runtime;

/// <summary>
/// The command the agenda sends to any grain whose time has come: the grain itself knows what it means
/// (<see cref="GrainDefinition{TState,TCommand,TEvent}.WakeUp"/>), so the agenda needs no knowledge of kinds. A grain that has nothing due
/// answers <see cref="ReplyKind.AlreadySo"/>.
/// </summary>
/// <param name="At">Now, by the server's clock.</param>
public sealed record WakeGrain(Timestamp At);

using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using ChainCrm.Domain;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Runtime;

namespace ChainCrm.Engine;

/// <summary>A command on its way through a partition. Pooled: it goes back when its caller has read the answer.</summary>
internal sealed class AskOperation : GrainOperation, IValueTaskSource<CommandReply>
{
    private static readonly ConcurrentQueue<AskOperation> Pool = new();

    private ManualResetValueTaskSourceCore<CommandReply> _waiter;
    private CommandReply _reply;

    /// <summary>What is asked.</summary>
    public GrainCommand Command;

    /// <summary>Hash of the command id.</summary>
    public ulong CommandHash;

    /// <summary>Look-ups made so far.</summary>
    public int Lookups;

    /// <summary>What the journal was asked for besides; null when nothing.</summary>
    public FactsFound? Facts;

    private AskOperation() => _waiter.RunContinuationsAsynchronously = false;

    public override bool RunsAgainAfterFailedCommit => false;

    public static AskOperation Rent(in GrainCommand command, ulong streamHash)
    {
        if (!Pool.TryDequeue(out var operation))
            operation = new AskOperation();
        operation.Command = command;
        operation.CommandHash = StableHash.Of(command.CommandId);
        operation.Stream = command.Grain.Stream;
        operation.StreamHash = streamHash;
        return operation;
    }

    /// <summary>The task of the caller; taken once, before the operation is sent.</summary>
    public ValueTask<CommandReply> Task => new(this, _waiter.Version);

    public override void Run(PartitionCore core, GrainSlot slot) => core.Decide(this, slot, knownNew: false);

    public override void Refuse(Rejection rejection) => Answer(new CommandReply(ReplyKind.Refused, null, rejection));

    /// <summary>Sets the answer; the caller sees it with <see cref="Complete"/>.</summary>
    public void Answer(CommandReply reply) => _reply = reply;

    public override void Complete() => _waiter.SetResult(_reply);

    CommandReply IValueTaskSource<CommandReply>.GetResult(short token)
    {
        var reply = _waiter.GetResult(token);
        _waiter.Reset();
        ClearOperation();
        _reply = default;
        Command = default;
        Lookups = 0;
        Facts = null;
        Pool.Enqueue(this);
        return reply;
    }

    ValueTaskSourceStatus IValueTaskSource<CommandReply>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<CommandReply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);
}

using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using ChainCrm.Domain;
using ChainCrm.Grains;

namespace ChainCrm.Engine;

/// <summary>A read on its way through a partition. Pooled per shape of read.</summary>
internal sealed class ReadOperation<TState, TArgument, TResult> : GrainOperation, IValueTaskSource<ReadReply<TResult>>
    where TState : class
{
    private static readonly ConcurrentQueue<ReadOperation<TState, TArgument, TResult>> Pool = new();

    private ManualResetValueTaskSourceCore<ReadReply<TResult>> _waiter;
    private ReadReply<TResult> _reply;
    private TArgument _argument = default!;
    private Func<TState, TArgument, TResult> _read = null!;

    private ReadOperation() => _waiter.RunContinuationsAsynchronously = false;

    public override bool RunsAgainAfterFailedCommit => true;

    public ValueTask<ReadReply<TResult>> Task => new(this, _waiter.Version);

    public static ReadOperation<TState, TArgument, TResult> Rent(
        GrainId grain, ulong streamHash, TArgument argument, Func<TState, TArgument, TResult> read)
    {
        if (!Pool.TryDequeue(out var operation))
            operation = new ReadOperation<TState, TArgument, TResult>();
        operation.Stream = grain.Stream;
        operation.StreamHash = streamHash;
        operation._argument = argument;
        operation._read = read;
        return operation;
    }

    public override void Run(PartitionCore core, GrainSlot slot)
    {
        var state = slot.Activation!.State as TState ?? throw new ArgumentException($"The state is not a {typeof(TState).Name}.");
        _reply = new ReadReply<TResult>(_read(state, _argument), null);
        core.CompleteWithWhatItShows(this, slot);
    }

    public override void Refuse(Rejection rejection) => _reply = new ReadReply<TResult>(default, rejection);

    public override void Complete() => _waiter.SetResult(_reply);

    ReadReply<TResult> IValueTaskSource<ReadReply<TResult>>.GetResult(short token)
    {
        var reply = _waiter.GetResult(token);
        _waiter.Reset();
        ClearOperation();
        _reply = default;
        _argument = default!;
        _read = null!;
        Pool.Enqueue(this);
        return reply;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadReply<TResult>>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadReply<TResult>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);
}

using ChainCrm.Domain;
using ChainCrm.Domain.Identities;

namespace ChainCrm.Grains.Tests.Directories;

/// <summary>An engine whose identity grains are held by whom the test says; at first each by a customer of the grain's own name.</summary>
internal sealed class HolderEngine : IEngine
{
    private Task _held = Task.CompletedTask;

    public IFeed Feed { get; } = new ListFeed();

    /// <summary>The holder of a grain, or null.</summary>
    public Func<GrainId, string?> Answer { get; set; } = grain => grain.Stream;

    /// <summary>Reads so far.</summary>
    public int Reads { get; private set; }

    /// <summary>From now on reads answer what holds when they are asked, but only when the gate opens.</summary>
    public TaskCompletionSource Hold()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = gate.Task;
        return gate;
    }

    public ValueTask<CommandReply> AskAsync(GrainCommand command) => throw new NotSupportedException();

    public async ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class
    {
        Reads++;
        var holder = Answer(grain) is { } customer ? new CustomerId(customer) : (CustomerId?)null;
        var result = read((TState)(object)IdentityState.Import(new IdentityStateData(holder, holder is not null, null)), argument);
        await _held;
        return new ReadReply<TResult>(result, null);
    }
}

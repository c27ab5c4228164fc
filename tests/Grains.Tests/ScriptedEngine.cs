using System.Threading.Channels;

namespace ChainCrm.Grains.Tests;

/// <summary>An engine over a feed of the test that answers as the test says and tells what it was asked.</summary>
internal sealed class ScriptedEngine(IFeed feed, Func<GrainCommand, CommandReply> answer) : IEngine
{
    private readonly Channel<GrainCommand> _asked = Channel.CreateUnbounded<GrainCommand>();

    public IFeed Feed => feed;

    public bool HasBeenAskedMore => _asked.Reader.Count > 0;

    public ValueTask<CommandReply> AskAsync(GrainCommand command)
    {
        _asked.Writer.TryWrite(command);
        return new(answer(command));
    }

    public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class => throw new NotSupportedException();

    /// <summary>The next command that was, or will be, asked.</summary>
    public Task<GrainCommand> AskedAsync() => _asked.Reader.ReadAsync().AsTask().OrSay("the engine was asked");
}

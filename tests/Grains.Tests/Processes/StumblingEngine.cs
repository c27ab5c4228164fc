namespace ChainCrm.Grains.Tests.Processes;

/// <summary>How a step goes wrong.</summary>
public enum Stumble
{
    /// <summary>The server dies before the step takes effect.</summary>
    CrashBefore,
    /// <summary>The server dies after the step took effect, before anybody hears of it.</summary>
    CrashAfter,
    /// <summary>The commit fails and nothing is recorded.</summary>
    FailBefore,
    /// <summary>The commit is reported as failed and was recorded all the same.</summary>
    FailAfter,
}

/// <summary>The crash of a test.</summary>
internal sealed class CrashException : Exception;

/// <summary>An engine that goes wrong at one step.</summary>
internal sealed class StumblingEngine(IEngine engine, int atStep, Stumble how) : IEngine
{
    private int _step;

    /// <summary>Steps asked for so far.</summary>
    public int Steps => _step;

    public IFeed Feed => engine.Feed;

    public async ValueTask<CommandReply> AskAsync(GrainCommand command)
    {
        if (_step++ != atStep) return await engine.AskAsync(command);
        if (how is Stumble.CrashAfter or Stumble.FailAfter) await engine.AskAsync(command);
        if (how is Stumble.CrashBefore or Stumble.CrashAfter) throw new CrashException();
        return new CommandReply(ReplyKind.Refused, null, EngineRejections.CommitFailed);
    }

    public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class => engine.ReadAsync(grain, argument, read);
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.Tests.ReadSide;

/// <summary>A log to wait for.</summary>
internal sealed class LogProbe(int eventId) : ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public Task<string> LineAsync() => _lines.Reader.ReadAsync().AsTask().OrSay($"event {eventId} was logged");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (id.Id == eventId) _lines.Writer.TryWrite(formatter(state, exception));
    }
}

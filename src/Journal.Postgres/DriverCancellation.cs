namespace ChainCrm.Journal.Postgres;

/// <summary>
/// A token for the driver that ends with another one, and whose ending never throws at whoever ends that. What Npgsql registers on a token asks its connection to
/// stop; when the connection breaks in the same moment it finds parts of it disposed and throws out of the callback (Npgsql 10.0.0, seen as an ObjectDisposedException of
/// a ManualResetEventSlim). On a timer's thread that would end the process.
/// </summary>
internal sealed class DriverCancellation : IDisposable
{
    private readonly CancellationTokenSource inner = new();
    private readonly CancellationTokenRegistration outer;

    /// <param name="cancellation">The token to end with.</param>
    public DriverCancellation(CancellationToken cancellation) => outer = cancellation.UnsafeRegister(static state => ((DriverCancellation)state!).End(), this);

    /// <summary>What the driver is given.</summary>
    public CancellationToken Token => inner.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        outer.Dispose();
        inner.Dispose();
    }

    private void End()
    {
        try
        {
            inner.Cancel();
        }
        catch (AggregateException e) when (e.InnerExceptions.All(x => x is ObjectDisposedException))
        {
            // The connection was gone before it could be asked to stop, which is what was wanted.
        }
    }
}

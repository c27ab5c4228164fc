using System.Diagnostics.Metrics;

namespace ChainCrm.Growth;

/// <summary>Counts the grains that engines of this process read from their journals.</summary>
internal sealed class LoadCounter : IDisposable
{
    private readonly MeterListener listener = new();
    private long loads;

    public LoadCounter()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "chaincrm.engine.loads") listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref loads, count));
        listener.Start();
    }

    public long Loads => Interlocked.Read(ref loads);

    public void Dispose() => listener.Dispose();
}

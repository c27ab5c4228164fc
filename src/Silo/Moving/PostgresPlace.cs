using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Postgres;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;

namespace ChainCrm.Silo.Moving;

/// <summary>A schema of PostgreSQL as a side of a move.</summary>
internal sealed class PostgresPlace(PostgresJournalOptions options) : IMovePlace
{
    private readonly PostgresSeal seal = new(options);

    public string Name => $"PostgreSQL at {seal.Place}";

    public async Task<PlaceState> LookAsync(CancellationToken cancellation)
    {
        var state = await seal.LookAsync(cancellation);
        return state.Seal switch
        {
            SealReason.Filling => PlaceState.Filling,
            SealReason.Moved => PlaceState.SetAside,
            _ => state.Head > 0 || state.HasSnapshots || state.HasKeys ? PlaceState.Holds : PlaceState.Empty,
        };
    }

    public async Task<IJournal> OpenSourceAsync(CancellationToken cancellation)
    {
        var journal = await PostgresJournal.OpenAsync(options, cancellation);
        try
        {
            await seal.CheckRightsAsync(cancellation);
            return journal;
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    public async Task<IJournal> OpenTargetAsync(CancellationToken cancellation)
    {
        var journal = await PostgresJournal.OpenAsync(options with { Filling = true }, cancellation);
        try
        {
            // Before the first entry. Where a move was interrupted the seal lies there already, whatever the head is.
            if ((await seal.LookAsync(cancellation)).Seal == SealReason.None)
                await seal.PutAsync(SealReason.Filling, $"Begun {Moment.Now()}.", 0, cancellation);
            return journal;
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    public IWrappedKeys ReadKeys() => PostgresWrappedKeys.Open(options);

    public async Task<IWrappedKeyWriter> WriteKeysAsync(CancellationToken cancellation) => await PostgresWrappedKeyWriter.OpenAsync(options, replace: true, cancellation);

    public Task StartOverAsync(CancellationToken cancellation) => seal.EmptyAsync(cancellation);

    public Task SetAsideAsync(string note, long head) => seal.PutAsync(SealReason.Moved, note, head);

    public Task TakeBackAsync(CancellationToken cancellation) => seal.LiftAsync(SealReason.Moved, null, cancellation);

    public Task ReleaseAsync(string note, long head) => seal.LiftAsync(SealReason.Filling, head);

    public ValueTask DisposeAsync() => seal.DisposeAsync();
}

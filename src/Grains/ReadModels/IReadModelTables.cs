using ChainCrm.Domain;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Wall;

namespace ChainCrm.Grains.ReadModels;

/// <summary>
/// What the read models are kept in: one writer, a few readers. Rows and position change together or not at all, so every entry counts exactly once. Whatever the store, the
/// same journal gives the same rows. docs/formats/read-models.md has the tables.
/// </summary>
internal interface IReadModelTables : IAsyncDisposable
{
    /// <summary>The position the tables show.</summary>
    ValueTask<long> PositionAsync(CancellationToken cancellation);

    /// <summary>Writes everything that was folded on top of the position that was written or asked for last, or nothing. When it fails, the position is to be asked for before the next write.</summary>
    ValueTask WriteAsync(ReadModelFold fold, CancellationToken cancellation);

    /// <summary>Drops everything; the next write starts from empty tables. Not while a write runs.</summary>
    ValueTask RecreateAsync(CancellationToken cancellation);

    /// <summary>True when the failure says that the tables themselves are no good.</summary>
    bool IsDamage(Exception failure);

    /// <summary>Reads without holding up the caller's thread; everything one reading sees is of one moment.</summary>
    ValueTask<TResult> ReadAsync<TResult>(Func<IReadModelMoment, ValueTask<TResult>> read, CancellationToken cancellation);
}

/// <summary>The tables as they are at one moment; gone when the reading ends.</summary>
internal interface IReadModelMoment
{
    /// <summary>The position the tables show.</summary>
    ValueTask<long> PositionAsync();

    ValueTask<ChainTotals> TotalsAsync(string chain);

    ValueTask<IReadOnlyList<StoreTotals>> StoresAsync(string chain);

    /// <summary>Days of one store, newest first, at most <see cref="GrainLimits.StoreDaysMax"/>.</summary>
    ValueTask<IReadOnlyList<StoreDay>> StoreDaysAsync(string chain, string store, DateOnly from, DateOnly to);

    /// <summary>Customer ids in order, after one.</summary>
    ValueTask<IReadOnlyList<CustomerId>> CustomersAsync(string chain, string after, int max);

    /// <summary>Every published version, ascending within its chain.</summary>
    ValueTask<IReadOnlyList<(string Chain, int Version, string Document)>> ProgrammesAsync();

    /// <summary>What the directories start from.</summary>
    ValueTask<DirectoryRows> DirectoryAsync();

    /// <summary>Chains with any figure.</summary>
    ValueTask<IReadOnlyList<string>> ChainsAsync();

    /// <summary>What a wall of these days starts from.</summary>
    ValueTask<WallRows> WallAsync(string chain, int fromDay, int toDay);
}

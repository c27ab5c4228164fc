using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadSide;

/// <summary>
/// What the read side is kept in. Whatever it is, all of it can be dropped: it comes back from the journal with the same rows. What does not fit this build or this journal is
/// dropped when it is opened.
/// </summary>
public abstract class ReadSideStore : IAsyncDisposable
{
    internal ReadSideStore() { }

    /// <summary>To be called after what it opened was disposed of.</summary>
    public abstract ValueTask DisposeAsync();

    internal abstract ValueTask<IReadModelTables> OpenReadModelsAsync(IJournal journal, ILogger logger, CancellationToken cancellation);

    internal abstract ValueTask<IAgendaTable> OpenAgendaAsync(IJournal journal, ILogger logger, CancellationToken cancellation);
}

/// <summary>readmodels.db and agenda.db in a data folder, which must exist.</summary>
public sealed class SqliteReadSide(string folder) : ReadSideStore
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override async ValueTask<IReadModelTables> OpenReadModelsAsync(IJournal journal, ILogger logger, CancellationToken cancellation) =>
        await SqliteReadModelTables.OpenAsync(Path.Combine(folder, "readmodels.db"), journal, logger, cancellation);

    internal override async ValueTask<IAgendaTable> OpenAgendaAsync(IJournal journal, ILogger logger, CancellationToken cancellation) =>
        await AgendaFile.OpenAsync(Path.Combine(folder, "agenda.db"), journal, logger, cancellation);
}

using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Simulation;

/// <summary>
/// The read side's files of one start. A machine that goes down while it opens them leaves them to nobody, and a file that stays open would be closed, and its log moved into
/// it, whenever memory is collected: no two runs would do so at the same time. So whoever turns the machine off closes what it had opened.
/// </summary>
internal sealed class SimStore(string folder) : ReadSideStore
{
    private readonly SqliteReadSide _files = new(folder);
    private IReadModelTables? _readModels;
    private IAgendaTable? _agenda;

    /// <summary>Closes what was opened and has no owner.</summary>
    public void CloseFiles()
    {
        _readModels?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _agenda?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    public override ValueTask DisposeAsync()
    {
        // Its owner has closed everything.
        (_readModels, _agenda) = (null, null);
        return _files.DisposeAsync();
    }

    internal override async ValueTask<IReadModelTables> OpenReadModelsAsync(IJournal journal, ILogger logger, CancellationToken cancellation) =>
        _readModels = await _files.OpenReadModelsAsync(journal, logger, cancellation);

    internal override async ValueTask<IAgendaTable> OpenAgendaAsync(IJournal journal, ILogger logger, CancellationToken cancellation) =>
        _agenda = await _files.OpenAgendaAsync(journal, logger, cancellation);
}

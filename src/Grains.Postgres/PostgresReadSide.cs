using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.Postgres;

/// <summary>
/// Read models and agenda in the schema of the journal they follow, over connections of their own. Their commits do not wait for the disk: a crash takes away their newest
/// rows together with the position that says so, and they are read from the journal again.
/// </summary>
public sealed class PostgresReadSide : ReadSideStore
{
    private readonly PostgresServer server;
    private readonly string schema;

    private PostgresReadSide(PostgresServer server, string schema) => (this.server, this.schema) = (server, schema);

    /// <summary>Opens the read side of a schema, whose tables are made when they are missing.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">The schema can't be used; see <see cref="PostgresJournal.OpenAsync"/>.</exception>
    public static async Task<PostgresReadSide> OpenAsync(PostgresJournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        await new PostgresSchema(options).PrepareAsync(cancellation);
        return new(new PostgresServer(options with { Readers = GrainLimits.ReadersMax }, durable: false), options.Schema);
    }

    public override ValueTask DisposeAsync() => server.DisposeAsync();

    internal override async ValueTask<IReadModelTables> OpenReadModelsAsync(IJournal journal, ILogger logger, CancellationToken cancellation) =>
        await PostgresReadModelTables.OpenAsync(server, schema, journal, logger, cancellation);

    internal override async ValueTask<IAgendaTable> OpenAgendaAsync(IJournal journal, ILogger logger, CancellationToken cancellation) =>
        await PostgresAgenda.OpenAsync(server, schema, journal, logger, cancellation);
}

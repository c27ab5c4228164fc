using System.Globalization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client;

/// <summary>The calls of headquarters: stores, programme, keys, audit.</summary>
public sealed partial class ChainCrmClient
{
    /// <summary>All stores with their totals.</summary>
    public Task<StoreList> StoresAsync(CancellationToken cancellation = default) =>
        GetAsync("/v1/stores", WireJson.Default.StoreList, cancellation);

    /// <summary>Opens a store.</summary>
    public Task<StoreReply> OpenStoreAsync(StoreRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/stores", request, WireJson.Default.StoreRequest, Key(idempotencyKey), WireJson.Default.StoreReply, cancellation);

    /// <summary>Changes a store; fields left out stay.</summary>
    public Task<StoreReply> ChangeStoreAsync(string store, StoreRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Patch, $"/v1/stores/{Escape(store)}", request, WireJson.Default.StoreRequest, Key(idempotencyKey), WireJson.Default.StoreReply, cancellation);

    /// <summary>The running programme.</summary>
    public Task<ProgrammeView> ProgrammeAsync(CancellationToken cancellation = default) =>
        GetAsync("/v1/programme", WireJson.Default.ProgrammeView, cancellation);

    /// <summary>Publishes rules; refused when another version was published since the one they are based on.</summary>
    public Task<ProgrammeView> PublishProgrammeAsync(ProgrammeRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Put, "/v1/programme", request, WireJson.Default.ProgrammeRequest, Key(idempotencyKey), WireJson.Default.ProgrammeView, cancellation);

    /// <summary>Begins a rehearsal; refused while another one of the chain runs.</summary>
    public Task<RehearsalView> BeginRehearsalAsync(RehearsalRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/programme/rehearsals", request, WireJson.Default.RehearsalRequest, null, WireJson.Default.RehearsalView, cancellation);

    /// <summary>A rehearsal as it stands.</summary>
    public Task<RehearsalView> RehearsalAsync(string id, CancellationToken cancellation = default) =>
        GetAsync($"/v1/programme/rehearsals/{Escape(id)}", WireJson.Default.RehearsalView, cancellation);

    /// <summary>Ends a rehearsal that runs.</summary>
    public Task CancelRehearsalAsync(string id, CancellationToken cancellation = default) =>
        SendWithRetriesAsync(HttpMethod.Delete, $"/v1/programme/rehearsals/{Escape(id)}", null, null, cancellation);

    /// <summary>All access keys, without their secrets.</summary>
    public Task<KeyList> KeysAsync(CancellationToken cancellation = default) =>
        GetAsync("/v1/keys", WireJson.Default.KeyList, cancellation);

    /// <summary>Issues an access key; the answer shows its secret this once.</summary>
    public Task<KeyReply> IssueKeyAsync(KeyRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/keys", request, WireJson.Default.KeyRequest, Key(idempotencyKey), WireJson.Default.KeyReply, cancellation);

    /// <summary>Revokes an access key at once.</summary>
    public Task RevokeKeyAsync(string key, string idempotencyKey, CancellationToken cancellation = default) =>
        SendWithRetriesAsync(HttpMethod.Delete, $"/v1/keys/{Escape(key)}", null, Key(idempotencyKey), cancellation);

    /// <summary>A page of the journal after a position; 0 begins at the first entry.</summary>
    public Task<JournalPage> JournalAsync(long after, int limit, CancellationToken cancellation = default) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/journal?after={after}&limit={limit}"), WireJson.Default.JournalPage, cancellation);

    /// <summary>What the running system holds of some customers, at most <see cref="ClientLimits.AuditIdsMax"/>.</summary>
    public Task<CustomerFiguresReply> CustomerFiguresAsync(CustomerFiguresRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/audit/customers", request, WireJson.Default.CustomerFiguresRequest, null, WireJson.Default.CustomerFiguresReply, cancellation);

    /// <summary>Totals of the read models.</summary>
    public Task<StatsReply> StatsAsync(CancellationToken cancellation = default) =>
        GetAsync("/v1/stats", WireJson.Default.StatsReply, cancellation);
}

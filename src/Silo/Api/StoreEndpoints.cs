using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>The stores of a chain.</summary>
internal static class StoreEndpoints
{
    private const string Open = "open";
    private const string Closed = "closed";

    /// <summary>GET /v1/stores.</summary>
    public static async ValueTask<ApiReply> ListAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var totals = (await api.ReadModels.StoresAsync(caller.Chain)).ToDictionary(t => t.Store, StringComparer.Ordinal);
        var stores = api.Directories.Stores(caller.Chain).OrderBy(s => s.Id.Value, StringComparer.Ordinal).Select(s => View(s, totals.GetValueOrDefault(s.Id.Value)));
        return ApiReply.Ok(new StoreList([.. stores]), Wire.Json.StoreList);
    }

    /// <summary>GET /v1/stores/{id}?from&amp;to.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (id, unknown) = Routes.Store(http);
        if (unknown is not null) return unknown;
        if (api.Directories.Store(caller.Chain, id) is not { } store) return StoreRejections.Unknown.At("id");
        var (to, badTo) = Routes.Date(http, "to", BusinessClock.At(api.Programme(caller.Chain), api.Now()).Day.ToDate());
        if (badTo is not null) return badTo;
        var (from, badFrom) = Routes.Date(http, "from", to.DayNumber < DaysShown ? DateOnly.MinValue : to.AddDays(1 - DaysShown));
        if (badFrom is not null) return badFrom;
        if (from > to || to.DayNumber - from.DayNumber >= ApiLimits.StoreDaysMax) return ApiRejections.QueryInvalid.At("from");

        var totals = (await api.ReadModels.StoresAsync(caller.Chain)).FirstOrDefault(t => t.Store == id.Value);
        var days = await api.ReadModels.StoreDaysAsync(caller.Chain, id, from, to);
        return ApiReply.Ok(new StoreDetail(View(store, totals), [.. days.Select(View)]), Wire.Json.StoreDetail);
    }

    /// <summary>POST /v1/stores.</summary>
    public static async ValueTask<ApiReply> OpenAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.StoreRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        if (InputRules.Id(request.Id, "id", ApiLimits.StoreIdMax) is { } badId) return badId;
        if (Callers.IsReserved(request.Id!)) return ApiRejections.StoreIdReserved.At("id");
        if (InputRules.Text(request.Name, "name", Limits.TextLengthMax) is { } badName) return badName;
        if (InputRules.Text(request.Region, "region", Limits.TextLengthMax) is { } badRegion) return badRegion;
        if (InputRules.Text(request.City, "city", Limits.TextLengthMax) is { } badCity) return badCity;
        if (request.Status is not (null or Open)) return ApiRejections.TextInvalid.At("status");

        var id = new StoreId(request.Id!);
        var reply = await AskAsync(api, caller, id, Callers.CommandId(caller, key), FingerprintOf(api, id, request), new OpenStore
        {
            At = api.Now(), Origin = new Origin(null), Store = id, Name = request.Name!, Region = request.Region!, City = request.City!,
        });
        if (!reply.IsOk) return reply.Rejection!;
        if (reply.Entry is null) return ApiReply.Created(new StoreReply { Id = id.Value, Name = request.Name, Region = request.Region, City = request.City, Status = Open }, Wire.Json.StoreReply);
        var opened = EntryReplies.Expect<StoreOpened>(reply.Entry);
        return ApiReply.Created(new StoreReply { Id = id.Value, Name = opened.Name, Region = opened.Region, City = opened.City, Status = Open }, Wire.Json.StoreReply);
    }

    /// <summary>PATCH /v1/stores/{id}.</summary>
    public static async ValueTask<ApiReply> ChangeAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.StoreRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (id, unknown) = Routes.Store(http);
        if (unknown is not null) return unknown;
        if (api.Directories.Store(caller.Chain, id) is null) return StoreRejections.Unknown.At("id");
        if (Check(request, id) is { } bad) return bad;

        var fingerprint = FingerprintOf(api, id, request);
        var reply = new StoreReply { Id = id.Value, Status = request.Status };
        if (request is not { Name: null, Region: null, City: null })
        {
            // The store itself fills in what is left out: the directory may be behind a change that was just made.
            var changed = await AskAsync(api, caller, id, Callers.CommandId(caller, key), fingerprint, new ChangeStore
            {
                At = api.Now(), Origin = new Origin(null), Name = request.Name, Region = request.Region, City = request.City,
            });
            if (!changed.IsOk) return changed.Rejection!;
            var (now, unreadable) = await TextsAsync(api, caller, id, changed.Entry);
            if (now is null) return unreadable!;
            reply = reply with { Name = now.Name, Region = now.Region, City = now.City };
        }

        if (request.Status is not null)
        {
            // A second command of the same request needs an id of its own.
            StoreCommand command = request.Status == Open
                ? new ReopenStore { At = api.Now(), Origin = new Origin(null) }
                : new CloseStore { At = api.Now(), Origin = new Origin(null) };
            var changed = await AskAsync(api, caller, id, Callers.CommandId(caller, key) + "/status", fingerprint, command);
            if (!changed.IsOk) return changed.Rejection!;
        }

        return ApiReply.Ok(reply, Wire.Json.StoreReply);
    }

    /// <summary>The texts as a change left them; when it changed nothing, as the store has them.</summary>
    private static async ValueTask<Outcome<Texts>> TextsAsync(ApiServices api, Caller caller, StoreId id, CommittedEntry? entry)
    {
        if (entry is not null)
            return EntryReplies.Find<StoreChanged>(entry) is { } changed ? new Texts(changed.Name, changed.Region, changed.City) : EngineRejections.KeyReused;
        var read = await api.Engine.ReadAsync<StoreState, int, Texts>(
            new GrainId(caller.Chain, GrainKinds.Store, id.Value), 0, static (state, _) => new Texts(state.Name, state.Region, state.City));
        return read.Rejection is { } unreadable ? unreadable : read.Value!;
    }

    private sealed record Texts(string Name, string Region, string City);

    private static Rejection? Check(StoreRequest request, StoreId id)
    {
        if (request.Id is not null && request.Id != id.Value) return ApiRejections.TextInvalid.At("id");
        if (request is { Name: null, Region: null, City: null, Status: null }) return ApiRejections.NothingToChange;
        if (request.Status is not (null or Open or Closed)) return ApiRejections.TextInvalid.At("status");
        return InputRules.OptionalText(request.Name, "name", Limits.TextLengthMax)
            ?? InputRules.OptionalText(request.Region, "region", Limits.TextLengthMax)
            ?? InputRules.OptionalText(request.City, "city", Limits.TextLengthMax);
    }

    private static async ValueTask<CommandReply> AskAsync(ApiServices api, Caller caller, StoreId store, string commandId, ulong fingerprint, StoreCommand command)
    {
        var reply = await api.Engine.AskAsync(new GrainCommand(new GrainId(caller.Chain, GrainKinds.Store, store.Value), commandId, fingerprint, command));
        // Whoever opened a store may sell in it with the next request.
        if (reply.Entry is { } entry) await api.Directories.WaitForAsync(entry.Position);
        return reply;
    }

    private static ulong FingerprintOf(ApiServices api, StoreId id, StoreRequest request)
    {
        var writer = new FingerprintWriter(FingerprintKind.Store);
        writer.Text(id.Value);
        writer.Text(request.Name);
        writer.Text(request.Region);
        writer.Text(request.City);
        writer.Text(request.Status);
        return writer.Finish(api.Vault);
    }

    private static StoreView View(StoreFacts store, StoreTotals totals) => new()
    {
        Id = store.Id.Value,
        Name = store.Name,
        Region = store.Region,
        City = store.City,
        Status = store.IsOpen ? Open : Closed,
        RevenueMinor = totals.RevenueMinor,
        Purchases = totals.Purchases,
        WalkIns = totals.WalkIns,
    };

    private static StoreDayView View(StoreDay day) => new()
    {
        Day = day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        RevenueMinor = day.RevenueMinor,
        Purchases = day.Purchases,
        WalkIns = day.WalkIns,
        NewMembers = day.NewMembers,
        CrossStoreVisits = day.CrossStoreVisits,
        PointsGiven = day.PointsGiven,
        PointsUsed = day.PointsUsed,
    };

    /// <summary>Days shown when the caller does not say from when.</summary>
    private const int DaysShown = 31;
}

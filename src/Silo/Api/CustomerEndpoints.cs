using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Members: enrol, change, find, show.</summary>
internal static class CustomerEndpoints
{
    /// <summary>POST /v1/customers.</summary>
    public static async ValueTask<ApiReply> EnrolAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.EnrolRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (store, unknownStore) = Callers.StoreOf(api, caller, request.Store);
        if (store is null) return unknownStore!;
        var (home, unknownHome) = request.HomeStore is null ? store : Callers.StoreOf(api, caller, request.HomeStore, "homeStore");
        if (home is null) return unknownHome!;
        var (origin, badStaff) = Callers.OriginOf(caller, store.Id, request.Staff);
        if (badStaff is not null) return badStaff;
        var (personal, badField) = PersonalInput.Of(api, request);
        if (personal is null) return badField!;

        var commandId = Callers.CommandId(caller, key);
        var id = new CustomerId(IdText.CustomerId(caller.Chain, commandId));
        var (referrer, badCode) = await ReferrerAsync(api, caller.Chain, request.ReferralCode, id);
        if (badCode is not null) return badCode;
        var fingerprint = FingerprintOf(api, FingerprintKind.Enrolment, store.Id, request.Staff, personal, home.Id.Value, referrer);
        var now = api.Now();
        var order = new EnrolmentOrder(
            caller.Chain, id, commandId, fingerprint, now, origin, home.Id,
            personal, PersonalInput.IdentitiesOf(personal)) { UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), now).OffsetMinutes, ReferredBy = referrer };
        var reply = await api.Enrolment.EnrolAsync(order);
        return reply.IsOk ? ApiReply.Created(EntryReplies.Enrolment(api, caller.Chain, reply.Entry!), Wire.Json.EnrolReply) : reply.Rejection!;
    }

    /// <summary>The member behind a referral code; nobody when none is given.</summary>
    private static async ValueTask<Outcome<CustomerId?>> ReferrerAsync(ApiServices api, string chain, string? code, CustomerId friend)
    {
        if (code is null) return new Outcome<CustomerId?>(null, null);
        if (ReferralCodes.Read(api.Vault, chain, code) is not { } referrer) return CustomerRejections.ReferralCodeUnknown.At("referralCode");
        if (referrer == friend) return CustomerRejections.ReferredBySelf.At("referralCode");
        var there = await api.Deliveries.IsThereAsync(chain, referrer);
        if (there.Rejection is { } unreadable) return unreadable;
        return there.Value ? new Outcome<CustomerId?>(referrer, null) : CustomerRejections.ReferralCodeUnknown.At("referralCode");
    }

    /// <summary>PATCH /v1/customers/{id}.</summary>
    public static async ValueTask<ApiReply> ChangeAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ChangeProfileRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        if (request is { Name: null, Phone: null, Card: null, ExternalId: null, Birthday: null, HomeStore: null }) return ApiRejections.NothingToChange;
        var (store, unknownStore) = Callers.OptionalStoreOf(api, caller, request.Store);
        if (unknownStore is not null) return unknownStore;
        var (home, unknownHome) = request.HomeStore is null ? default : Callers.StoreOf(api, caller, request.HomeStore, "homeStore");
        if (unknownHome is not null) return unknownHome;
        var (origin, badStaff) = Callers.OriginOf(caller, store?.Id, request.Staff);
        if (badStaff is not null) return badStaff;

        var (given, badField) = PersonalInput.Read(api, request);
        if (given is null) return badField!;
        var read = await MemberCards.ReadAsync(api, caller.Chain, customer);
        if (read.Facts is not { } facts) return read.Rejection!;

        var (commandId, fingerprint, now) = (Callers.CommandId(caller, key), FingerprintOf(api, store?.Id, request), api.Now());
        var reply = await api.Enrolment.ChangeProfileAsync(caller.Chain, customer, current =>
        {
            var personal = PersonalInput.Merge(current.Personal, request, given);
            return new EnrolmentOrder(
                caller.Chain, customer, commandId, fingerprint, now, origin, home?.Id ?? current.HomeStore, personal, PersonalInput.IdentitiesOf(personal));
        });
        if (!reply.IsOk) return reply.Rejection!;
        if (reply.Entry is null) return ApiReply.Ok(new ProfileReply(customer.Value, facts.HomeStore.Value, facts.Version), Wire.Json.ProfileReply);
        var changed = EntryReplies.Expect<ProfileChanged>(reply.Entry);
        return ApiReply.Ok(new ProfileReply(customer.Value, changed.HomeStore.Value, reply.Entry.Version), Wire.Json.ProfileReply);
    }

    /// <summary>GET /v1/customers/{id}.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        return badId is not null ? badId : await CardAsync(api, caller, customer);
    }

    /// <summary>POST /v1/identify.</summary>
    public static async ValueTask<ApiReply> IdentifyAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (key, wrong) = await BodyReader.ReadAsync(http, Wire.Json.CustomerKey);
        if (key is null) return wrong!;
        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, key, "");
        return unknown is not null ? unknown.Field is "" ? unknown with { Field = null } : unknown : await CardAsync(api, caller, customer);
    }

    /// <summary>GET /v1/customers?after&amp;limit.</summary>
    public static async ValueTask<ApiReply> ListAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (limit, badLimit) = Routes.Number(http, "limit", ApiLimits.CustomerPageDefault, 1, ApiLimits.CustomerPageMax);
        if (badLimit is not null) return badLimit;
        var after = http.Request.Query["after"].ToString();
        if (after.Length > 0 && InputRules.Id(after, "after") is not null) return ApiRejections.QueryInvalid.At("after");

        var ids = await api.ReadModels.CustomersAsync(caller.Chain, after.Length > 0 ? new CustomerId(after) : null, (int)limit);
        var cards = new MemberCard?[ids.Count];
        Rejection? refused = null;
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = ApiLimits.ReadParallelMax }, async (i, _) =>
        {
            var (card, rejection) = await MemberCards.ShowAsync(api, caller, ids[i]);
            cards[i] = card;
            // A customer that the list has and the grain does not have yet is left out; anything else fails the page.
            if (rejection is not null && rejection.Code != ApiRejections.NoSuchCustomer.Code) refused = rejection;
        });
        if (refused is not null) return refused;
        var next = ids.Count == limit ? ids[^1].Value : null;
        return ApiReply.Ok(new CustomerPage([.. cards.OfType<MemberCard>()], next), Wire.Json.CustomerPage);
    }

    private static async ValueTask<ApiReply> CardAsync(ApiServices api, Caller caller, CustomerId customer)
    {
        var (card, rejection) = await MemberCards.ShowAsync(api, caller, customer);
        return card is null ? rejection! : ApiReply.Ok(card, Wire.Json.MemberCard);
    }

    private static ulong FingerprintOf(ApiServices api, FingerprintKind kind, StoreId store, string? staff, PersonalData personal, string? home, CustomerId? referrer)
    {
        var writer = new FingerprintWriter(kind);
        writer.Text(store.Value);
        writer.Text(staff);
        writer.Text(personal.Name);
        writer.Text(personal.Phone);
        writer.Text(personal.Card);
        writer.Text(personal.ExternalId);
        writer.Text(personal.Birthday);
        writer.Text(home);
        // Enrolments without a code keep the fingerprint that they always had.
        if (referrer is { } by) writer.Text(by.Value);
        return writer.Finish(api.Vault);
    }

    /// <summary>Over what the request says, not over the merged profile: a retry after another change must still be known as a retry.</summary>
    private static ulong FingerprintOf(ApiServices api, StoreId? store, ChangeProfileRequest request)
    {
        var writer = new FingerprintWriter(FingerprintKind.Profile);
        writer.Text(store?.Value);
        writer.Text(request.Staff);
        writer.Text(request.Name);
        writer.Text(request.Phone);
        writer.Text(request.Card);
        writer.Text(request.ExternalId);
        writer.Text(request.Birthday);
        writer.Text(request.HomeStore);
        return writer.Finish(api.Vault);
    }
}

using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>What is done for a customer at a counter, or by headquarters: for whom, where, by whom, under which key, when.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Customer">For whom.</param>
/// <param name="Origin">Where and by whom.</param>
/// <param name="At">When the server received it.</param>
internal sealed record CounterAct(string Key, CustomerId Customer, Origin Origin, Timestamp At)
{
    /// <summary>Reads what every such request says, in the order in which it is refused.</summary>
    /// <param name="api">What the endpoints work with.</param>
    /// <param name="http">The request.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="who">The customer.</param>
    /// <param name="store">The store; a till's own when left out.</param>
    /// <param name="staff">The member of staff.</param>
    /// <param name="wrong">What is wrong with the rest of the request; null when nothing is.</param>
    public static async ValueTask<Outcome<CounterAct>> ReadAsync(
        ApiServices api, HttpContext http, Caller caller, CustomerKey? who, string? store, string? staff, Rejection? wrong = null)
    {
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (at, unknownStore) = Callers.OptionalStoreOf(api, caller, store);
        if (unknownStore is not null) return unknownStore;
        var (origin, badStaff) = Callers.OriginOf(caller, at?.Id, staff);
        if (badStaff is not null) return badStaff;
        if (wrong is not null) return wrong;
        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, who, "customer", Callers.CommandId(caller, key));
        if (unknown is not null) return unknown;
        return new CounterAct(key, customer, origin, api.Now());
    }

    /// <summary>Asks the customer's grain.</summary>
    public ValueTask<CommandReply> AskAsync(ApiServices api, Caller caller, ulong fingerprint, CustomerCommand command) =>
        AskAsync(api, caller, Customer, Key, fingerprint, command);

    /// <summary>Asks a customer's grain.</summary>
    public static ValueTask<CommandReply> AskAsync(ApiServices api, Caller caller, CustomerId customer, string key, ulong fingerprint, CustomerCommand command) =>
        api.Engine.AskAsync(new GrainCommand(new GrainId(caller.Chain, GrainKinds.Customer, customer.Value), Callers.CommandId(caller, key), fingerprint, command));

    /// <summary>The fingerprint of a number and a reason.</summary>
    public ulong FingerprintOf(ApiServices api, FingerprintKind kind, long number, string? reason)
    {
        var writer = new FingerprintWriter(kind);
        writer.Text(Origin.Store?.Value);
        writer.Text(Origin.Staff?.Value);
        writer.Number(number);
        writer.Text(reason);
        return writer.Finish(api.Vault);
    }
}

using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>From how a customer identified to who it is.</summary>
internal static class CustomerKeys
{
    private static readonly SearchValues<char> NormalOnCards = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>
    /// The customer that a key stands for. An identity that is nobody's now may belong to a repeated request: then it is the former holder who has
    /// recorded <paramref name="commandId"/>.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Outcome<CustomerId>> FindAsync(ApiServices api, string chain, CustomerKey? key, string field, string? commandId = null)
    {
        if (key is null) return ApiRejections.MissingField.At(field);
        var given = (key.Id is null ? 0 : 1) + (key.Phone is null ? 0 : 1) + (key.Card is null ? 0 : 1) + (key.ExternalId is null ? 0 : 1);
        if (given != 1) return ApiRejections.CustomerKeyInvalid.At(field);
        if (key.Id is not null) return InputRules.Id(key.Id, "id") is { } wrong ? wrong.At(Under(field, "id")) : new CustomerId(key.Id);

        var (kind, typed, name) = key.Phone is not null ? (IdentityKind.Phone, key.Phone, "phone")
            : key.Card is not null ? (IdentityKind.Card, key.Card, "card")
            : (IdentityKind.External, key.ExternalId!, "externalId");
        var (normal, bad) = Normalise(api.Phones, kind, typed, name);
        if (bad is not null) return bad.At(Under(field, name));
        var identity = api.Vault.Index(chain, kind, normal!);
        var found = await api.Identities.FindAsync(chain, identity);
        if (found.Rejection is not null) return found.Rejection;
        if (found.Customer is { } customer) return customer;
        if (commandId is null) return ApiRejections.NoSuchCustomer.At(field);
        var (former, unreadable) = await RecordedCommands.FormerHolderAsync(api, chain, identity, commandId);
        if (unreadable is not null) return unreadable;
        return former is { } holder ? holder : ApiRejections.NoSuchCustomer.At(field);
    }

    /// <summary>The form of an identity that is indexed, so that the same thing typed in two ways is one.</summary>
    public static Outcome<string> Normalise(PhoneNumbers phones, IdentityKind kind, string typed, string field)
    {
        if (kind == IdentityKind.Phone) return phones.Normalise(typed) is { } number ? number : ApiRejections.PhoneInvalid.At(field);
        if (kind == IdentityKind.Card && IsNormalCard(typed)) return typed;
        var text = typed.Trim();
        if (InputRules.Text(text, field, Limits.IdLengthMax) is { } wrong) return wrong;
        // Card numbers are printed in groups and in capitals; the id of another system is taken to the letter.
        if (kind != IdentityKind.Card) return text;
        var card = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);
        return card.Length > 0 ? card : ApiRejections.TextInvalid.At(field);
    }

    /// <summary>Nearly every card comes as a reader reads it: then there is nothing to change and nothing to refuse.</summary>
    private static bool IsNormalCard(string typed) => typed.Length is > 0 and <= Limits.IdLengthMax && !typed.AsSpan().ContainsAnyExcept(NormalOnCards);

    private static string Under(string field, string name) => field.Length == 0 ? name : $"{field}.{name}";
}

namespace ChainCrm.Grains.Personal;

/// <summary>How personal fields are shown to those who may not see them whole.</summary>
public static class Masking
{
    /// <summary>王小明 becomes 王**; null stays null.</summary>
    public static string? Name(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var first = System.Globalization.StringInfo.GetNextTextElement(name.TrimStart());
        return first + "**";
    }

    /// <summary>+8613812341234 becomes 138****1234 (Chinese numbers without their country code, others with it); short ones show their last two digits.</summary>
    public static string? Phone(string? phone)
    {
        if (string.IsNullOrEmpty(phone)) return null;
        var shown = phone.StartsWith("+86", StringComparison.Ordinal) ? phone[3..] : phone;
        return shown.Length switch
        {
            >= 11 => $"{shown[..3]}****{shown[^4..]}",
            >= 7 => $"{shown[..2]}****{shown[^2..]}",
            _ => "****",
        };
    }

    /// <summary>A card or external id: its last four characters, when it is long enough that four say little.</summary>
    public static string? Card(string? card) => string.IsNullOrEmpty(card) ? null : card.Length >= 8 ? $"****{card[^4..]}" : "****";

    /// <summary>A birthday: 1990-05-17 becomes --05, enough for a greeting in its month.</summary>
    public static string? Birthday(string? birthday) =>
        birthday switch
        {
            null or "" => null,
            { Length: 10 } => $"--{birthday[5..7]}",
            { Length: 7 } when birthday.StartsWith("--", StringComparison.Ordinal) => $"--{birthday[2..4]}",
            _ => "****",
        };

    /// <summary>All fields as they are shown.</summary>
    public static PersonalData All(PersonalData data) => new()
    {
        Name = Name(data.Name),
        Phone = Phone(data.Phone),
        Card = Card(data.Card),
        ExternalId = Card(data.ExternalId),
        Birthday = Birthday(data.Birthday),
    };
}

using ChainCrm.Domain.Programmes;

namespace ChainCrm.Grains.ReadSide;

/// <summary>
/// The calendar of each chain as a reader of the feed knows it: from the programme versions it has met, so that reading the journal again gives
/// the same days and slots. One thread.
/// </summary>
internal sealed class ChainCalendars
{
    private static readonly BusinessCalendar BuiltIn = new(Programme.BuiltIn.TimeZone);
    private readonly Dictionary<string, BusinessCalendar> _calendars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BusinessCalendar>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public ChainCalendars(IEnumerable<(string Chain, int Version, string Document)> programmes)
    {
        _bySpan = _calendars.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (chain, version, document) in programmes) Publish(chain, version, document);
    }

    public BusinessCalendar Of(ReadOnlySpan<char> chain) => _bySpan.TryGetValue(chain, out var calendar) ? calendar : BuiltIn;

    public void Publish(string chain, int version, string document)
    {
        if (Programme.Compile(document, version).Programme is { } programme && Of(chain).TimeZone != programme.TimeZone)
            _calendars[chain] = new BusinessCalendar(programme.TimeZone);
    }
}

using System.Text;

namespace ChainCrm.Client.Replay;

/// <summary>A row that cannot be read, with the line of the file on which it begins (the header is line 1).</summary>
public sealed record BadRow(long Line, string Reason);

/// <summary>A CSV file that is broken as a whole, such as one without a header.</summary>
public sealed class CsvException(string message) : Exception(message);

/// <summary>
/// Reads CSV (RFC 4180): comma separated, quotes around fields that hold commas, quotes or line breaks, quotes doubled inside, LF or
/// CRLF, with or without a byte order mark. Blank lines are passed over. Rows keep the number of the line on which they begin.
/// </summary>
/// <remarks>Our own reader because a bad row must be named by its line number and must not stop the rows after it.</remarks>
public sealed class CsvRows
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly TextReader _reader;
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private long _nextLine = 1;

    /// <summary>Reads the header.</summary>
    /// <exception cref="CsvException">The file is empty, or a column name appears twice.</exception>
    public CsvRows(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        if (reader.Peek() == ByteOrderMark) reader.Read();
        if (!ReadRecord(out var problem)) throw new CsvException("The file is empty: a header line is needed.");
        if (problem is not null) throw new CsvException($"The header line cannot be read: {problem}");
        for (var i = 0; i < _fields.Count; i++)
            if (!_columns.TryAdd(_fields[i].Trim(), i))
                throw new CsvException($"The header names the column '{_fields[i].Trim()}' twice.");
        ColumnCount = _fields.Count;
    }

    /// <summary>Columns of the header; every row must have as many.</summary>
    public int ColumnCount { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>Line of the file on which the row begins.</summary>
    public long Line { get; private set; }

    /// <summary>Why the row just read cannot be used; null when it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>The place of a column, or -1 when the header has none of this name.</summary>
    public int IndexOf(string column) => _columns.GetValueOrDefault(column, -1);

    /// <summary>A field of the row just read; valid when <see cref="Problem"/> is null.</summary>
    public string this[int column] => _fields[column];

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read()
    {
        if (!ReadRecord(out var problem)) return false;
        Problem = problem ?? (_fields.Count == ColumnCount
            ? null
            : $"{_fields.Count} fields where the header has {ColumnCount}.");
        return true;
    }

    private bool ReadRecord(out string? problem)
    {
        problem = null;
        _fields.Clear();
        SkipBlankLines();
        Line = _nextLine;
        if (_reader.Peek() < 0) return false;

        while (true)
        {
            problem = ReadField() ?? problem;
            _fields.Add(_field.ToString());
            var separator = _reader.Read();
            if (separator == ',') continue;
            if (separator == '\r' && _reader.Peek() == '\n') _reader.Read();
            if (separator >= 0) _nextLine++;
            return true;
        }
    }

    /// <summary>Reads up to the separator and leaves it to be read.</summary>
    private string? ReadField()
    {
        _field.Clear();
        var problem = _reader.Peek() == '"' ? ReadQuoted() : null;
        while (_reader.Peek() is var next and >= 0 && next is not (',' or '\n' or '\r'))
        {
            if (_field.Length >= ClientLimits.CsvFieldLengthMax) problem ??= "a field is too long.";
            else _field.Append((char)next);
            _reader.Read();
        }

        return problem;
    }

    private string? ReadQuoted()
    {
        _reader.Read();
        string? problem = null;
        while (true)
        {
            var next = _reader.Read();
            if (next < 0) return "a quoted field has no end.";
            if (next == '"')
            {
                if (_reader.Peek() != '"')
                    return _reader.Peek() is < 0 or ',' or '\n' or '\r' ? problem : problem ?? "text after a closing quote.";
                _reader.Read();
            }

            if (next == '\n') _nextLine++;
            if (_field.Length < ClientLimits.CsvFieldLengthMax) _field.Append((char)next);
            else problem ??= "a field is too long.";
        }
    }

    private void SkipBlankLines()
    {
        while (_reader.Peek() is '\n' or '\r')
        {
            if (_reader.Read() == '\r' && _reader.Peek() == '\n') _reader.Read();
            _nextLine++;
        }
    }
}

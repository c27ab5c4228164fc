using ChainCrm.Client.Replay;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Replay;

public sealed class CsvRowsTests
{
    [Fact]
    public void Fields_come_as_they_are_written() =>
        Rows("a,b\n1,\n , x \n").ShouldBe(["2|1||", "3| | x |"]);

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\n1,2\n3,4")]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n")]
    [InlineData("\uFEFFa,b\n1,2\n3,4\n")]
    public void Line_ends_and_a_byte_order_mark_make_no_difference(string text) =>
        Rows(text).ShouldBe(["2|1|2|", "3|3|4|"]);

    [Fact]
    public void Quotes_hold_commas_quotes_and_line_breaks() =>
        Rows("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"two\nlines\",z\nlast,row\n").ShouldBe(["2|x,y|say \"hi\"|", "3|two\nlines|z|", "5|last|row|"]);

    [Fact]
    public void Blank_lines_are_passed_over_and_still_counted() =>
        Rows("a,b\n\n1,2\n\r\n\n3,4\n\n").ShouldBe(["3|1|2|", "6|3|4|"]);

    [Fact]
    public void A_row_with_too_few_or_too_many_fields_is_named_by_its_line_and_the_next_is_read() =>
        Rows("a,b\n1\n1,2,3\n4,5\n").ShouldBe(["2!1 fields where the header has 2.", "3!3 fields where the header has 2.", "4|4|5|"]);

    [Fact]
    public void Text_after_a_closing_quote_is_a_bad_row() =>
        Rows("a,b\n\"x\"y,2\n3,4\n").ShouldBe(["2!text after a closing quote.", "3|3|4|"]);

    [Fact]
    public void A_quote_without_an_end_is_a_bad_row() =>
        Rows("a,b\n1,2\n\"x,3\n4,5\n").ShouldBe(["2|1|2|", "3!a quoted field has no end."]);

    [Fact]
    public void A_quote_in_the_middle_of_a_field_is_a_letter_like_any_other() =>
        Rows("a,b\n5\" pipe,2\n").ShouldBe(["2|5\" pipe|2|"]);

    [Fact]
    public void An_empty_file_has_no_header() =>
        Should.Throw<CsvException>(() => Rows("")).Message.ShouldContain("empty");

    [Fact]
    public void A_column_named_twice_is_refused() =>
        Should.Throw<CsvException>(() => Rows("a,b,a\n")).Message.ShouldContain("'a' twice");

    private static List<string> Rows(string text)
    {
        var rows = new CsvRows(new StringReader(text));
        var read = new List<string>();
        while (rows.Read())
        {
            read.Add(rows.Problem is { } problem
                ? $"{rows.Line}!{problem}"
                : $"{rows.Line}|" + string.Concat(Enumerable.Range(0, rows.ColumnCount).Select(i => rows[i] + "|")));
        }

        return read;
    }
}

"""The progress report for the next meeting, as Decree 30/2020/NĐ-CP has it: one content, three forms."""

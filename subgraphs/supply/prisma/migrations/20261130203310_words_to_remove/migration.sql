-- Texts that are removed some day: the timer that looks for them must not read the whole history.
CREATE INDEX "stock_booking_words" ON "stock_booking"("recorded_at") WHERE "reason" <> '[removed]' AND "by" <> 'Vierblatt model';
CREATE INDEX "supply_step_words" ON "supply_step"("at") WHERE "reason" <> '[removed]';
CREATE INDEX "supply_request_words" ON "supply_request"("requested_at") WHERE "reason" <> '[removed]';
